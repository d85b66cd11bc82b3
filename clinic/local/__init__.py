"""Running the whole clinic on one machine: launcher, embedded servers, bootstrap."""
