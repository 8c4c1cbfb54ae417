#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""compare_check.py FINJECT [DIR]: the page of `finject explore --compare` in
Chromium, with 10,000 cells: each has both outcomes, and behind it are both
ladders; what is the same can be left out. A picture goes to DIR."""
import json
import os
import subprocess
import sys
import tempfile

from selenium.webdriver.common.by import By

from chromium import WRONG, check, chromium

FAULTS = ("drop", "drop-all", "delay-rto", "delay-patience", "duplicate",
          "duplicate-late", "hold", "reset-sender", "reset-receiver", "reset-both")
PORTS = 1000


def record(port, fault, side):
    """In the second file port 7 is found by each fault, and port 8 no more."""
    found = port == (7 if side == "b" else 8)
    return {
        "outcome": "found" if found else "survived", "rules": f"{fault} {port}",
        "points": [f"fin1 #1 dport={port}"], "faults": [fault],
        "found": ["exit"] if found else [], "sentence": "exit status 3" if found else "",
        "repeat": f"finject run {fault}", "took": 5000000000 if port == 9 and side == "b"
        else 100000000, "tries": 1, "exit": 0, "left": [], "ladder": f"ladder of {side}",
        "output": "<b>output</b>",
    }


def results(name, side):
    with open(name, "w", encoding="utf-8") as out:
        print(json.dumps({"explore": "1", "command": "./a '<i>'", "kernel": side}), file=out)
        for port in range(PORTS):
            for fault in FAULTS:
                print(json.dumps(record(port, fault, side)), file=out)


def page(finject, work):
    for side in "ab":
        results(f"{work}/{side}", side)
    done = subprocess.run([finject, "explore", "--compare", "--page", f"{work}/page.html",
                           f"{work}/a", f"{work}/b"], capture_output=True, check=False)
    check(done.returncode == 1, "what is new: exit status 1")
    return f"file://{work}/page.html"


def check_matrix(driver):
    text = driver.find_element(By.ID, "counts").text
    check(text.startswith(f"new: 10, gone: 10, other outcome: 0, other time: 10, "
                          f"tried in one alone: 0, the same: {10 * PORTS - 30};"), text)
    count = "return document.querySelectorAll('#matrix td button').length"
    check(driver.execute_script(count) == 10 * PORTS, "not each fault has a cell")
    driver.find_element(By.ID, "only").click()
    check(driver.execute_script(count) == 30, "what is the same is not left out")
    check(driver.execute_script("return document.querySelectorAll('b, i').length") == 0,
          "what a command prints became a part of the page")


def check_cell(driver):
    cell = driver.find_element(By.CSS_SELECTOR, "button.new")
    check(cell.text == "\u2713\u2192\u2717 0.1\u21920.1 s", f"a cell says {cell.text}")
    cell.click()
    sides = driver.find_elements(By.CSS_SELECTOR, "#detail .both > div")
    check(len(sides) == 2 and "ladder of a" in sides[0].text and
          "ladder of b" in sides[1].text and "exit status 3" in sides[1].text and
          "finject run drop" in sides[1].text, "behind a cell there are not both results")
    check("0.1\u21925.0 s" in driver.find_element(By.CSS_SELECTOR, "button.time").text,
          "another time is not told")


def main():
    with tempfile.TemporaryDirectory() as work:
        name = page(os.path.abspath(sys.argv[1]), work)
        driver = chromium()
        driver.set_page_load_timeout(120)
        driver.set_window_size(1400, 900)
        driver.get(name)
        check_matrix(driver)
        check_cell(driver)
        if len(sys.argv) > 2:
            driver.save_screenshot(sys.argv[2] + "/compare.png")
        driver.quit()
    return bool(WRONG)


sys.exit(main())
