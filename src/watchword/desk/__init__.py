"""The desk: what the office's own staff see and decide, behind a sign-in with two factors.

`staff` is who they are and how they come in; `incidents` is what was held until somebody looks. Every page of `urls` is
for whoever is signed in, and every form of it for officers: there is no other way to list a page.
"""
