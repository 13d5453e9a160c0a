"""What stands between the network and Streamlit: plain ASGI middleware, each tested by a scope.

A request meets `Names` (is it for us, and from us?), `Limits` (does one visitor take what others
need?), `Uploads` (is a file small enough, before it is read?), `KeptInMemory` (is it one of the
pages' files, which are here already?), and on its way back `Headers`.
"""
