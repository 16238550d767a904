"""
What the sandbox does to pictures that it is given: bytes in, bytes out.

Everything here runs in the drawing processes. The same input and the same request give the same bytes.
"""
