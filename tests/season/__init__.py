"""A long season in simulated time: a random year at a house of thirty rooms, checked throughout.

The locks, their gateways and their cloud are the simulator, over HTTP; the worker is a process of
its own that is killed in the middle of its work. What may open which door is told by a model that
knows nothing of the app (`model.py`), and compared with what the locks themselves remember.
"""
