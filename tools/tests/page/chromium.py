# SPDX-License-Identifier: GPL-2.0-only
"""What the checks of pages share: Chromium, and the count of what is wrong."""
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

WRONG = []


def check(good, what):
    if not good:
        WRONG.append(what)
        print(f"page: {what}")


def chromium(scripts=True):
    options = webdriver.ChromeOptions()
    for word in ("headless=new", "no-sandbox", "disable-gpu",
                 "hide-scrollbars", "disable-dev-shm-usage"):
        options.add_argument("--" + word)
    if not scripts:
        options.add_experimental_option("prefs", {
            "profile.managed_default_content_settings.javascript": 2})
    return webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
