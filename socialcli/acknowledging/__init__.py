"""Acknowledgements outside hours: who writes while we are closed is told, once, when a person is back.

``choosing`` says for whom, and why not for others; ``back`` says when we are back in the customer's language;
``sending`` writes one and sends it. An acknowledgement answers nothing: the ticket stays open with its deadline. It is
signed in the brand's name, as sent automatically; who ran the command stands in the journal only.
"""
