"""The nouns: frozen records, no behaviour but their own. Field names and values are the contract that
scripts build on; new fields may come, none changes meaning.
"""
