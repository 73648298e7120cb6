"""Work done outside web requests, by RQ workers and the scheduler. Jobs carry ids only."""
