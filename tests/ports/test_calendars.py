"""Fetching calendars from real servers on the loopback, some of them hostile."""

import gzip
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.ports.calendars import Validators
from app.ports.calendars.addresses import is_public
from app.ports.calendars.http import HttpCalendars
from app.ports.errors import PortError

AGENT = "Latchkey tests"
CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
NOTHING = Validators()

Answer = Callable[[BaseHTTPRequestHandler], None]


class Server:
    """One loopback server; `pages` maps a path to what answers it, `asked` is what came."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.over = Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer.asked.append((self.path, dict(self.headers)))
                self.close_connection = True
                outer.pages[self.path](self)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.port = self.http.server_address[1]
        Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def url(self, path: str = "/1.ics", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def close(self) -> None:
        self.over.set()
        self.http.shutdown()
        self.http.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    one = Server()
    yield one
    one.close()


def page(body: bytes = CALENDAR, status: int = 200, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def moved(location: str, status: int = 302) -> Answer:
    return page(b"", status, Location=location)


def calendars(*allowed: str, resolver: Any = None, deadline: float = 10) -> HttpCalendars:
    return HttpCalendars(
        frozenset(allowed), AGENT, resolver=resolver or socket.getaddrinfo, seconds=deadline
    )


def refusal(client: HttpCalendars, url: str, validators: Validators = NOTHING) -> PortError:
    with pytest.raises(PortError) as caught:
        client.fetch(url, validators)
    return caught.value


class Resolver:
    """Answers each look-up with the next list of addresses, the last one for ever."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        self.asked.append(host)
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [_entry(ip, port) for ip in found]


def _entry(ip: str, port: int) -> Any:
    family, tail = (socket.AF_INET6, (0, 0)) if ":" in ip else (socket.AF_INET, ())
    return (family, socket.SOCK_STREAM, 6, "", (ip, port, *tail))


# What an honest server gets and gives


def test_calendar_is_fetched_with_our_name_and_its_validators_kept(server: Server) -> None:
    server.pages["/1.ics"] = page(ETag='"v1"', Last_Modified="Mon, 23 Nov 2026 09:00:00 GMT")

    fetched = calendars("127.0.0.1").fetch(server.url(), NOTHING)

    assert fetched.body == CALENDAR
    assert fetched.validators == Validators('"v1"', "Mon, 23 Nov 2026 09:00:00 GMT")
    headers = server.asked[0][1]
    assert headers["User-Agent"] == AGENT
    assert headers["Accept-Encoding"] == "gzip"
    assert headers["Host"] == f"127.0.0.1:{server.port}"
    assert "If-None-Match" not in headers


def test_unchanged_calendar_costs_no_body(server: Server) -> None:
    server.pages["/1.ics"] = page(b"", 304, ETag='"v1"')
    known = Validators('"v1"', "Mon, 23 Nov 2026 09:00:00 GMT")

    fetched = calendars("127.0.0.1").fetch(server.url(), known)

    assert fetched.body is None
    assert fetched.validators == known
    assert server.asked[0][1]["If-None-Match"] == '"v1"'
    assert server.asked[0][1]["If-Modified-Since"] == known.last_modified


def test_not_modified_that_was_not_asked_for_is_no_answer(server: Server) -> None:
    server.pages["/1.ics"] = page(b"", 304)
    assert "304" in refusal(calendars("127.0.0.1"), server.url()).reason


def test_packed_calendar_is_unpacked(server: Server) -> None:
    whole = b"X" * 100_000
    server.pages["/1.ics"] = page(gzip.compress(whole), Content_Encoding="gzip")
    assert calendars("127.0.0.1").fetch(server.url(), NOTHING).body == whole


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_followed(server: Server, status: int) -> None:
    server.pages["/1.ics"] = moved("/2.ics?s=1", status)
    server.pages["/2.ics?s=1"] = page()
    assert calendars("127.0.0.1").fetch(server.url(), NOTHING).body == CALENDAR


def test_proxy_of_the_environment_is_not_used(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    server.pages["/1.ics"] = page()
    assert calendars("127.0.0.1").fetch(server.url(), NOTHING).body == CALENDAR


# What must not be called


@pytest.mark.parametrize(
    "ip",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        str(IPv4Address(0)), "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1",
        "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1", "fc00::1",
        "fd12::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1", "2001:db8::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2", "100::1",
    ],
)  # fmt: skip
def test_address_of_somebodys_own_is_not_public(ip: str) -> None:
    assert not is_public(ip)


@pytest.mark.parametrize(
    "ip",
    ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808",
     "2002:808:808::1"],
)  # fmt: skip
def test_address_of_everybody_is_public(ip: str) -> None:
    assert is_public(ip)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "0177.0.0.1", "[::1]",
     str(IPv4Address(0)),      "[::ffff:127.0.0.1]"],
)  # fmt: skip
def test_private_network_is_refused_however_it_is_spelt(server: Server, host: str) -> None:
    server.pages["/1.ics"] = page()

    fault = refusal(calendars(), server.url(host=host))

    assert fault.reason.startswith("The calendar's address leads into a private network. ")
    assert fault.permanent
    assert not server.asked


def test_one_private_address_among_public_ones_refuses_all(server: Server) -> None:
    client = calendars(resolver=Resolver(["93.184.216.34", "127.0.0.1"]))
    assert "private network" in refusal(client, server.url(host="mixed.example")).reason
    assert not server.asked


def test_allowed_host_is_called_on_any_port(server: Server) -> None:
    server.pages["/1.ics"] = page()
    client = calendars("NAS.local", resolver=Resolver(["127.0.0.1"]))

    assert client.fetch(server.url(host="nas.local"), NOTHING).body == CALENDAR
    assert server.asked[0][1]["Host"] == f"nas.local:{server.port}"


def test_allowed_host_does_not_allow_its_neighbours(server: Server) -> None:
    client = calendars("nas.local", resolver=Resolver(["127.0.0.1"]))
    assert refusal(client, server.url(host="other.local")).permanent


def test_redirect_into_a_private_network_is_refused(server: Server) -> None:
    server.pages["/1.ics"] = moved("http://169.254.169.254/latest/meta-data/")
    fault = refusal(calendars("127.0.0.1"), server.url())
    assert "private network" in fault.reason
    assert fault.permanent


@pytest.mark.parametrize("scheme", ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://x/"])
def test_redirect_out_of_the_web_is_refused(server: Server, scheme: str) -> None:
    server.pages["/1.ics"] = moved(scheme)
    assert "not a web address" in refusal(calendars("127.0.0.1"), server.url()).reason


def test_name_that_flips_between_look_ups_is_looked_up_once(server: Server) -> None:
    server.pages["/1.ics"] = page()
    flipping = Resolver(["93.184.216.34"], ["127.0.0.1"])
    client = calendars(resolver=flipping, deadline=0.2)

    refusal(client, server.url(host="flip.example"))

    assert flipping.asked == ["flip.example"]
    assert not server.asked


def test_sixth_redirect_is_not_followed(server: Server) -> None:
    server.pages["/1.ics"] = moved("/1.ics")
    fault = refusal(calendars("127.0.0.1"), server.url())
    assert "sends us on" in fault.reason
    assert len(server.asked) == 6


@pytest.mark.parametrize(
    "url",
    ["webcal://calendar.example/1.ics", "calendar.example/1.ics", "", "http://", "http://[::1",
     "http://a:99999/", "http://" + "a" * 70 + ".example/"],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(url: str) -> None:
    assert refusal(calendars(), url).reason


def test_credentials_are_not_sent(server: Server) -> None:
    fault = refusal(calendars("127.0.0.1"), f"http://sam:secret@127.0.0.1:{server.port}/1.ics")
    assert "password" in fault.reason
    assert "secret" not in str(fault)
    assert not server.asked


# Hostile, broken and slow servers


@pytest.mark.parametrize("status", [204, 206, 400, 401, 403, 404, 410, 418, 500, 503])
def test_any_other_answer_is_named_and_its_body_is_not(server: Server, status: int) -> None:
    server.pages["/1.ics?s=secret"] = page(b"" if status == 204 else b"inner words", status)

    fault = refusal(calendars("127.0.0.1"), server.url("/1.ics?s=secret"))

    assert fault.reason.startswith(f"The calendar's server answered {status}")
    assert "inner" not in fault.reason
    assert "secret" not in fault.reason
    assert not fault.permanent


def test_busy_server_says_when_to_come_back(server: Server) -> None:
    server.pages["/1.ics"] = page(b"", 429, Retry_After="120")
    assert refusal(calendars("127.0.0.1"), server.url()).retry_after == timedelta(minutes=2)


def test_more_than_five_megabytes_are_not_read(server: Server) -> None:
    server.pages["/1.ics"] = page(b"x" * (5 * 1024 * 1024 + 1))
    assert "larger than 5 MB" in refusal(calendars("127.0.0.1"), server.url()).reason


def test_gzip_bomb_is_cut_while_it_unpacks(server: Server) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    server.pages["/1.ics"] = page(bomb, Content_Encoding="gzip")
    assert "larger than 5 MB" in refusal(calendars("127.0.0.1"), server.url()).reason


@pytest.mark.parametrize("packing", ["br", "deflate", "gzip, gzip"])
def test_packing_we_did_not_ask_for_is_refused(server: Server, packing: str) -> None:
    server.pages["/1.ics"] = page(Content_Encoding=packing)
    assert "did not ask for" in refusal(calendars("127.0.0.1"), server.url()).reason


@pytest.mark.parametrize("damage", [lambda whole: whole[:-20], lambda whole: b"no gzip" + whole])
def test_damaged_packing_is_no_answer(server: Server, damage: Callable[[bytes], bytes]) -> None:
    packed = damage(gzip.compress(CALENDAR * 100))
    server.pages["/1.ics"] = page(packed, Content_Encoding="gzip")
    assert "calendar's answer" in refusal(calendars("127.0.0.1"), server.url()).reason


def test_half_an_answer_is_no_answer(server: Server) -> None:
    def half(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(CALENDAR)

    server.pages["/1.ics"] = half
    assert refusal(calendars("127.0.0.1"), server.url()).reason


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_dripping_server_is_cut_at_the_deadline(server: Server, head: bytes) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        try:
            handler.wfile.write(head)
            while not server.over.wait(0.02):
                handler.wfile.write(b"x")
        except OSError:
            pass

    server.pages["/1.ics"] = drip
    begun = datetime.now(UTC)

    fault = refusal(calendars("127.0.0.1", deadline=0.3), server.url())

    # No server's drops are waited for: what a byte puts off is not the end.
    assert datetime.now(UTC) - begun < timedelta(seconds=5)
    # Without a status line the drops are not HTTP, which may be noticed before the time is up.
    assert "took longer than 0.3 seconds" in fault.reason or head == b""


def test_resolver_that_hangs_is_left_alone_at_the_deadline(server: Server) -> None:
    def hang(*_: Any, **__: Any) -> list[Any]:
        server.over.wait(30)
        return []

    fault = refusal(calendars(resolver=hang, deadline=0.1), "http://slow.example/")
    assert "took longer than 0.1 seconds" in fault.reason


def test_unknown_host_and_closed_port_are_told_apart() -> None:
    def unknown(*_: Any, **__: Any) -> list[Any]:
        raise socket.gaierror

    assert "not found" in refusal(calendars(resolver=unknown), "http://gone.example/").reason
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    fault = refusal(calendars("127.0.0.1"), f"http://127.0.0.1:{port}/")
    assert "could not be reached" in fault.reason


def test_certificate_is_asked_for_by_name_and_a_strangers_is_refused(tmp_path: Path) -> None:
    asked: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_own_certificate(tmp_path, "feeds.example"))
    context.sni_callback = lambda _socket, name, _context: asked.append(name)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(5)

        def shake_hands() -> None:
            connection, _ = listening.accept()
            with connection, suppress(OSError):
                context.wrap_socket(connection, server_side=True).close()

        thread = Thread(target=shake_hands, daemon=True)
        thread.start()
        client = calendars("feeds.example", resolver=Resolver(["127.0.0.1"]))
        fault = refusal(client, f"https://feeds.example:{listening.getsockname()[1]}/1.ics")
        thread.join(5)

    assert "certificate" in fault.reason
    assert asked == ["feeds.example"]


def _own_certificate(folder: Path, name: str) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "own.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path
