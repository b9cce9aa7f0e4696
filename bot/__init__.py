"""The outside: LINE webhook and sender, the LINE stand-in, workers, schedule, settings, command line and the app.

In: HTTP requests, the environment, the command line. Out: running processes. Here the rooms are put together: this
package alone reads the environment, commits transactions of residents' events, and knows LINE.
"""
