from __future__ import annotations
from typing import Any
import numpy as np
from ...body import Body
from ...take import Person
from .objects import make_object
from .patch import from_body
import bpy
def make_flesh(person: Person, body: Body, armature: Any):
    out=[]
    for part,col in (("body",(.6,.35,.25,1)),("eye.L",(.8,.8,.8,1)),("eye.R",(.8,.8,.8,1)),("lash_upper.L",(.02,.02,.02,1)),("lash_upper.R",(.02,.02,.02,1)),("lash_lower.R",(.02,.02,.02,1)),("lash_lower.L",(.02,.02,.02,1)),("teeth_upper",(.8,.8,.7,1)),("teeth_lower",(.8,.8,.7,1)),("tongue",(.6,.1,.1,1))):
        p,_=from_body(body,part)
        m=bpy.data.materials.new(part); m.use_nodes=True; m.node_tree.nodes["Principled BSDF"].inputs[0].default_value=col
        out.append(make_object(person.id+part,p,[m],armature,subdivide=1))
    return out
