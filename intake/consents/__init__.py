"""Questions of consent: staff ask, the resident answers in the talk, and the answer is kept with its moment."""
