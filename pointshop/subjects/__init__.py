"""Rights of the persons the register is about (个人信息权益): to see what is held of them, to have it erased in time.

The books stay whole: they hold ids and no names, so nothing of them is touched.
"""
