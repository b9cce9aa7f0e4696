"""What managers see: figures that are true, that protect the few, and that lead to action.

In: the facts of ``intake.facts``. Out: roll-ups by day and month that a page reads in milliseconds, tables and charts with their
formula, files in which small numbers are hidden, targets with what was reached. Folding facts into contacts and episodes, counting
them, hiding small numbers and laying out tables are pure; ``sweep`` and ``ask`` are the shell around them.
"""
