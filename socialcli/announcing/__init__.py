"""Public statements: what several accounts say about one problem, each in its own words; when the next word is
promised; and the one pointer that a customer gets.
"""
