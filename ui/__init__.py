"""The Qt desktop: windows over the use cases of `fieldtech.services`."""
