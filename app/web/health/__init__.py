"""For load balancers, uptime watchers and Prometheus."""
