"""通告・通報: the form that opens by itself at the first sign of abuse, whoever tells of it, and is worked on until its outcome."""
