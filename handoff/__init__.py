"""The staff: accounts, the desk (queue, claim, reply, release, close), and the pages of the console.

In: effects of the talk (a handoff is wanted, an alarm) and what staff do in the browser. Out: rows, events, and
messages written under the fence. Knows ``intake``; knows neither LINE nor the process that it runs in.
"""
