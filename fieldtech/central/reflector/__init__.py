"""The provider's side of a measurement: voice reflector, "my IP", 204 check and throughput."""
