"""The post: what channels write to the host, and the mailbox it arrives in."""
