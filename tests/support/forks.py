"""One fork server for all tests that need processes of their own: what each of them reads at its start is read once, before it forks."""

import multiprocessing

CHILDREN = multiprocessing.get_context("forkserver")
CHILDREN.set_forkserver_preload(["tests.kill.child", "tests.checkins.kill_child", "tests.support.warm"])
