"""How the web process runs. No access log: the paths of stay pages are secrets."""

workers = 1
threads = 8
worker_class = "gthread"
timeout = 30
graceful_timeout = 10
accesslog = None
control_socket_disable = True
