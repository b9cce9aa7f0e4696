"""The command line ``tsunagi``. Each command says in ``--help`` how it is used, and exits non-zero when it fails."""
