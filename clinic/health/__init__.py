"""Whether the house is well: asked by load balancers and by whoever watches."""
