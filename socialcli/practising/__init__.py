"""Practice: invented cases, played by their own clock, and what a conversation is worth.

``cases`` reads them, ``playing`` says which message comes when, given what the learner does, ``marking`` turns a
conversation into points, one file a few criteria. Nothing here is random and nothing looks at the real clock: the same
answers have the same score, byte for byte.
"""
