"""The outside world in one process: a lock cloud, channels, a text service, a mailbox.

It speaks the real protocols and imports nothing of the app, nor the app of it.
"""
