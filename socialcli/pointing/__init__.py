"""Careful answers to all customers of an incident: one pointer to the statement each while it lasts, and one word
that it is solved to whoever was promised to hear of it.

A round asks anew before each post whether the incident still runs and what the customer has been told; so it can be
killed at any point, and the same call goes on with what is missing.
"""
