"""/start and /help: the first words, deep links to a paper, and the list of commands."""

from __future__ import annotations

from bot.routes import ROUTES
from tests.conftest import RunningBot
from tests.telegram import Conversation


async def test_start_greets_in_chinese(ada: Conversation) -> None:
    [reply] = await ada.say("/start")
    assert reply.text == (
        "你好！我会读论文速递，并根据其中的内容回答问题。\n"
        "论文库里现有 8 篇机器学习论文，中英文提问都可以。\n"
        "\n"
        "直接发问题就行，例如：\n"
        "• 哪些论文改进了 GRPO？\n"
        "• 视频生成有什么新方法？\n"
        "• How can chains of thought be made shorter?\n"
        "\n"
        "/topic 按主题浏览，/digest 看今天的论文，/help 查看全部命令；我保存什么，见 /privacy。"
    )


async def test_start_greets_in_english(bob: Conversation) -> None:
    [reply] = await bob.say("/start")
    assert reply.text.startswith(
        "Hello! I read digests of papers and answer questions from them.\n"
        "There are 8 machine-learning papers in the archive. Ask in English or Chinese."
    )


async def test_a_telegram_in_another_language_is_answered_in_english(sheep_bot: RunningBot) -> None:
    cem = sheep_bot.driver.conversation(sheep_bot.stand_in.person(id=20, first_name="Cem", language_code="tr"))
    [reply] = await cem.say("/start")
    assert reply.text.startswith("Hello! ")


async def test_traditional_chinese_telegram_is_answered_in_chinese(sheep_bot: RunningBot) -> None:
    lin = sheep_bot.driver.conversation(sheep_bot.stand_in.person(id=21, first_name="Lin", language_code="zh-TW"))
    [reply] = await lin.say("/start")
    assert reply.text.startswith("你好！")


async def test_a_deep_link_opens_the_paper_with_this_key(ada: Conversation) -> None:
    [reply] = await ada.say("/start 2505-00003")
    assert reply.bold[:2] == ["向上吠叫：会数绵羊的牧羊犬", "Barking Up: A Dog that Counts Sheep"]


async def test_a_deep_link_to_an_unknown_paper_says_so(bob: Conversation) -> None:
    [reply] = await bob.say("/start 2399-00001")
    assert reply.text.startswith("No paper in the archive is called “2399-00001”.")


async def test_a_deep_link_goes_on_working_after_the_paper_got_its_id(own_bot: RunningBot) -> None:
    from tests import flock
    from tests.digests import weekly_digest, weekly_entry

    [before] = await own_bot.bob.say(f"/paper {flock.WITHOUT_ID}")
    old_key = before.button("BibTeX").data.removeprefix("b:")
    assert old_key.startswith("t")
    with_id = weekly_digest(weekly_entry(flock.WITHOUT_ID, "守夜", "2505.09999", "灯笼。"))
    await own_bot.reload({**flock.files(), "2025-06-weekly.md": with_id})
    [after] = await own_bot.bob.say(f"/start {old_key}")
    assert after.button("BibTeX").data == "b:2505-09999"


async def test_help_lists_every_command_a_reader_may_call(ada: Conversation) -> None:
    [reply] = await ada.say("/help")
    listed = [line.split("：")[0].split(" ")[0] for line in reply.text.splitlines() if line.startswith("/")]
    assert listed == [f"/{route.command}" for route in ROUTES if route.access != "admins"]
    assert "/paper 编号、链接或标题：查看一篇论文" in reply.text.splitlines()


async def test_help_shows_admins_their_commands_too(sheep_bot: RunningBot) -> None:
    [reply] = await sheep_bot.admin.say("/help")
    assert "/reload: load the digest files again (admins)" in reply.text.splitlines()


async def test_help_on_searching(bob: Conversation) -> None:
    [reply] = await bob.say("/help search")
    assert reply.bold == ["How to search"]
    assert reply.code[-1] == "/search reinforcement learning mathematics -survey from:2025-05"
