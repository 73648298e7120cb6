"""Whether a failed HTTP request can have done anything at the other end."""

import ssl

import requests
from urllib3.exceptions import NewConnectionError, SSLError


def never_sent(fault: requests.RequestException) -> bool:
    """Tell whether the request surely stayed here, because no connection was ever made.

    True for a refused connection, an unknown host, a connect timeout and a certificate that is not
    believed. False for all else, a cut connection above all: the other end may have acted on what
    it read before.
    """
    if isinstance(fault, requests.ConnectTimeout):
        return True
    # requests hides the cause one level down, as the `reason` of urllib3's MaxRetryError.
    cause = getattr(fault.args[0] if fault.args else None, "reason", None)
    if isinstance(cause, SSLError):
        return any(isinstance(arg, ssl.SSLCertVerificationError) for arg in cause.args)
    return isinstance(cause, NewConnectionError)
