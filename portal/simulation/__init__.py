"""Made-up respondents: what a person's or a program's visit sends, and when.

Plain Python without Django: chance comes as an argument, so that a seed gives the
same visits again. Made-up visits show what a page or a table looks like with
something in it. They show nothing about how well people and programs are told apart:
whoever knows the detectors can imitate either.
"""
