"""The armature: bones whose pose rotation is exactly a Take's joint rotation.

Every bone lies along the body's +Y with roll 0, so its rest frame is the body's frame and a joint quaternion can be
written into the pose bone as it is.
"""

from __future__ import annotations

from typing import Any

import bpy

from ...body import BONES, PARENTS, Body

STICK = 0.03
"""Drawn length of a bone [m]; it means nothing."""


def make_armature(name: str, body: Body) -> Any:
    """The armature object, at the origin, in rest pose."""
    data = bpy.data.armatures.new(name)
    thing = bpy.data.objects.new(name, data)
    bpy.context.scene.collection.objects.link(thing)
    bpy.context.view_layer.objects.active = thing
    bpy.ops.object.mode_set(mode="EDIT")
    for index, bone_name in enumerate(BONES):
        bone = data.edit_bones.new(bone_name)
        head = body.heads[index]
        bone.head, bone.tail, bone.roll = head, (head[0], head[1] + STICK, head[2]), 0.0
        if PARENTS[index] >= 0:
            bone.parent, bone.use_connect = data.edit_bones[BONES[PARENTS[index]]], False
    bpy.ops.object.mode_set(mode="OBJECT")
    for bone in thing.pose.bones:
        bone.rotation_mode = "QUATERNION"
    thing.hide_render = True
    return thing
