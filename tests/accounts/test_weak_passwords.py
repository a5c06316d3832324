"""What is guessed first is no password; what a person here thinks up and remembers is one."""

import shlex

import pytest

from pointshop.accounts.weak_passwords import is_weak

WEAK = shlex.split("""
12345678 123456789 1234567890 11111111 88888888 13800001234 19860503 20260101 password Password passw0rd iloveyou
qwertyui qwerty123 qwerty2026 1qaz2wsx 2wsx3edc asdfghjk zxcvbnm1 abc12345 aa123456 a12345678 
woaini1314 woaini520 52013141314 1314woaini nihao123 mima1234 jifen123 jifen2026 jifenshangdian pointshop points123
admin123 admin1234 admin@123 admin@2026 root@123 test1234 cunweihui1 guanliyuan88 147258369 987654321
121212121212 abcabcabc abcdefgh hgfedcba zhangsan zhangsan123 zhangsan_2026 nasgnahz superman trustno1
""")

GOOD = [
    "门前大桥下 1986",
    "春眠不觉晓处处闻",
    "zhangsan 爱喝茶",
    "correct horse battery staple",
    "Xk7#pq2!m",
    "老王家的狗叫旺财",
]


@pytest.mark.parametrize("password", WEAK)
def test_what_is_guessed_first_is_weak(password: str) -> None:
    assert is_weak(password, username="zhangsan")


@pytest.mark.parametrize("password", GOOD)
def test_what_somebody_thought_up_is_not(password: str) -> None:
    assert not is_weak(password, username="zhangsan")
