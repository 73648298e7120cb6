"""The control API: how tests tell the world what to do, and look at it. JSON in, JSON out."""
