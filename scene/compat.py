"""Every difference between the Blender versions we support (4.5 to 5.2), told by what is there, never by a version number."""

from __future__ import annotations

from typing import Any

import bpy


def set_sky(node: Any, elevation: float, rotation: float) -> None:
    """A physical sky without a sun disc. elevation, rotation : radians; rotation from +y, clockwise seen from above."""
    types = node.bl_rna.properties["sky_type"].enum_items.keys()
    node.sky_type = next(kind for kind in ("MULTIPLE_SCATTERING", "NISHITA") if kind in types)
    node.sun_disc = False
    node.sun_elevation = max(elevation, 0.005)
    node.sun_rotation = rotation
    node.altitude = 150.0
    for name in ("dust_density", "aerosol_density"):  # renamed in 5.0
        if hasattr(node, name):
            setattr(node, name, 0.6)


def set_panorama(camera: Any) -> None:
    """Make a camera see all around, as viewers of panoramas want it (equirectangular)."""
    camera.type = "PANO"
    holder = camera if hasattr(camera, "panorama_type") else camera.cycles  # moved in 5.0
    holder.panorama_type = "EQUIRECTANGULAR"


def has_denoiser() -> bool:
    """Whether Cycles was built with OpenImageDenoise (Debian's is not)."""
    import _cycles

    return bool(_cycles.with_openimagedenoise)


def use_gpu(scene: Any, log: Any) -> str:
    """Render on a GPU where there is one, else on the CPU; says which. The preferences are changed in this process only, never saved."""
    preferences = bpy.context.preferences.addons["cycles"].preferences
    for kind in ("OPTIX", "CUDA", "HIP", "ONEAPI", "METAL"):
        try:
            preferences.compute_device_type = kind
        except TypeError:  # this build does not know it
            continue
        devices = [device for device in preferences.get_devices_for_type(kind) if device.type == kind]
        if devices:
            for device in devices:
                device.use = True
            scene.cycles.device = "GPU"
            return f"{kind} ({devices[0].name})"
    scene.cycles.device = "CPU"
    log("no GPU that Cycles can use; rendering on the CPU")
    return "CPU"


def set_modifier_input(modifier: Any, name: str, value: Any) -> None:
    """Set an input of a Geometry Nodes modifier, named as in its node group."""
    identifier = next(item.identifier for item in modifier.node_group.interface.items_tree if item.name == name and item.in_out == "INPUT")
    properties = getattr(modifier, "properties", None)
    if properties is not None and hasattr(properties, "inputs"):
        getattr(properties.inputs, identifier).value = value
    else:
        modifier[identifier] = value


def modifier_input(modifier: Any, name: str) -> Any:
    """The value of an input of a Geometry Nodes modifier; None where it was never set."""
    identifier = next(item.identifier for item in modifier.node_group.interface.items_tree if item.name == name and item.in_out == "INPUT")
    properties = getattr(modifier, "properties", None)
    if properties is not None and hasattr(properties, "inputs"):
        return getattr(properties.inputs, identifier).value
    return modifier.get(identifier)
