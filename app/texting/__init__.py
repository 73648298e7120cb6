"""Text messages with hosts: what they are asked, what they command, and the words of the answers.

An edge like `web`: it reads what came, calls services, and says what was done. It runs on a worker.
"""
