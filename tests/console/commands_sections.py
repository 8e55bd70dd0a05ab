"""What stands on the page of the commands: sections in both languages, with the commands that each shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from caseward.console.wording.words import Language


@dataclass(frozen=True)
class Section:
    """A heading and a word before it in both languages, and the commands that stand below as they were typed."""

    heading: Mapping[Language, str]
    told: Mapping[Language, str]
    commands: tuple[str, ...]


def section(en: str, zh: str, told_en: str, told_zh: str, *commands: str) -> Section:
    return Section({"en": en, "zh-CN": zh}, {"en": told_en, "zh-CN": told_zh}, commands)


SECTIONS = (
    section(
        "What there is", "有哪些命令",
        "`--help` after any command says what it takes.",
        "任何命令之后加 `--help`，即显示用法。",
        "--help",
        "up --help",
        "case list --help",
    ),
    section(
        "A record of your own", "建立自己的记录",
        "`case import` makes what is not there yet; a file that was taken in once changes nothing the second time, "
        "be it JSON, CSV or XLSX ([what is taken](taken.md)); `case template` shows the columns of a table or "
        "writes an empty one, `import --dry` says what a file would open, and `import --auto-off` leaves its cases "
        "alone until `case begin` lets them go on, by customer and in batches, once you agreed to what they cost. "
        "Passwords and codes are read from standard input, never from the command line.",
        "`case import` 会新建尚不存在的一切；同样的内容再次导入不会改变任何东西，"
        "JSON、CSV 或 XLSX 均可（[接收什么](taken.zh-CN.md)）；`case template` 列出表格可用的列或写出空白表格，"
        "`import --dry` 说明文件将新建哪些，`import --auto-off` 导入后先不办理，"
        "待 `case begin` 按客户、分批开始，并先同意所需费用。"
        "密码和验证码只从标准输入读取，不写在命令行里。",
        "case list¹",
        "migrate",
        "account import accounts.json",
        "account add lanxi-rz-09 < secret.txt",
        "case import registrations.json",
    ),
    section(
        "Cases: where they are, and why", "题目：处于何处，为何停留",
        "The first reason that applies makes the headline; below it stands what would move the case on: the ways "
        "for which somebody waits, each lack once; `case why N --all` shows every one.",
        "排在最前的原因写在第一行；其下是满足什么条件才会前进：只列有人在等的出路，"
        "同一欠缺只列一次；`case why N --all` 列出全部。",
        "case list",
        "case show RZ-0001",
        "case why RZ-0001",
        "case why RZ-0004",
        "case history RZ-0001",
        "case watch RZ-0001 --until awaiting_seal --timeout 0.2",
    ),
    section(
        "Cases: what people order", "题目：人的指令",
        "Each order is an event on the record with its person. `--version N` refuses it where the case changed since. "
        "Nobody can force a case over an action whose outcome is not known.",
        "每条指令都连同操作者写入记录。加上 `--version N`，题目此后若有变化即被拒绝。"
        "结果尚不清楚的办理，不能用强制流转跳过。",
        "case hold RZ-0001 --reason 客户要求先等专利",
        "case resume RZ-0001",
        "case code RZ-0001 --owner 顾遥岑 < secret.txt",
        "case note RZ-0001 客户明天回电",
        "case auto RZ-0001 off --reason 材料由客户自行提交",
        "case retry RZ-0003 --reason 网页已恢复",
        "case edit RZ-0001 owners.o1.city=万州区 --reason 客户来函更正 --dry",
        "case update --help",
        "case resend --help",
        "case compare --help",
        "case settle RZ-0004 confirm --not-happened --reason 版权中心查无此件",
        "case force --help",
        "case review RZ-0001",
        "case force RZ-0004 submitted --reason 电话确认版权中心已收到",
        "case force RZ-0001 needs_correction --reason 版权中心来函要求补正",
    ),
    section(
        "Schedules", "定时任务",
        "A schedule is named by its name or its number in the list. An edit shows what changes and the next five "
        "instants; `--dry` shows them without the edit. A new recheck counts from a case's next look on: the edit "
        "says how many wait longer than that, and `case retry N` looks at one now.",
        "任务可用名称或列表中的编号指定。修改时显示变更和接下来五次执行；加 `--dry` 则只显示，不修改。"
        "新的复查间隔从下次检查起生效：修改时会说明有多少题目等得更久，`case retry N` 立即检查其中一个。",
        "schedule list",
        "schedule show fill_center_ids",
        "schedule next fill_center_ids",
        "schedule log submitted",
        "schedule run unprocessed --dry",
        "schedule edit submitted --every 1h --recheck 12h --reason 降频",
        "schedule add monthly --target 'job audit; job notices' --cron '0 0 4 1 * ?' --after audit --reason 每月自检",
        "schedule run submitted --reason 客户来电",
        "schedule run submitted --follow --timeout 0.2",
        "schedule pause audit --until 2090-03-08T09:00+08:00 --reason 检修",
        "schedule resume audit --reason 修好",
        "schedule list --deleted",
        "schedule restore retention --reason 恢复清理",
    ),
    section(
        "Accounts", "账号",
        "`account login` opens the bureau's page, fills in account and password, and leaves the picture to a person: "
        "the answer is typed there, or from another terminal with `account answer`.",
        "`account login` 打开版权中心的登录页，填好账号和密码，图片验证码留给人辨认："
        "可在当场输入，也可在另一终端用 `account answer` 输入。",
        "account list",
        "account set-password lanxi-rz-02 < secret.txt",
        "account retire lanxi-rz-02 --reason 版权中心停用了该账号",
        "case assign RZ-0006 lanxi-rz-01 --reason 原账号已停用",
        "account restore lanxi-rz-02",
        "account login --help",
    ),
    section(
        "Incidents", "事件",
        "What only a person can settle. An incident may be named by the beginning of its id.",
        "须由人处理的事项。事件可用其编号的开头几位指定。",
        "incident list",
        "incident show 7b1e04d2",
    ),
    section(
        "Worker and beat", "工作进程和调度器",
        "Each becomes the plain Celery command, so whatever is known of Celery holds for it.",
        "二者都直接变为 Celery 自己的命令，Celery 的一切用法照旧。",
        "worker --help",
        "beat --help",
    ),
    section(
        "When a remote system is closed", "外部系统何时关闭",
        "A calendar says when a remote system is open: hours by weekday, holidays, and days that make up for them. "
        "`--dry` shows what a change would block and open; without it, it holds for every process at its next look. "
        "See [calendars.md](calendars.md).",
        "日历说明外部系统何时开放：每周时段、假日和调休上班日。`--dry` 先看修改会阻止和放行什么；"
        "不加时，各进程下次查看即采用。见 [calendars.zh-CN.md](calendars.zh-CN.md)。",
        "calendar list",
        "calendar show bureau",
        "calendar edit bureau --holiday 2090-03-08..2090-03-10=放水节 --workday 2090-03-11 --reason 版权中心公告 --dry",
    ),
    section(
        "The installation", "安装情况",
        "The doctor changes nothing: it neither migrates nor downloads. It ends with 1 where something cannot work.",
        "`doctor` 不改变任何东西，不升级库结构，也不下载。有不能运行之处时，退出码为 1。",
        "doctor",
        "settings list",
        "flow check",
        "audit verify",
        "audit verify --changed",
    ),
    section(
        "The sandbox", "沙箱",
        "The simulated outside world: `sandbox start` serves it, and these turn it.",
        "模拟的外部世界：`sandbox start` 启动它，以下命令操控它。",
        "sandbox clock",
        "sandbox clock --advance 10h30m",
        "sandbox inbox 13800400001",
        "sandbox fault confirm hang --count 2",
        "sandbox faults",
        "sandbox mend confirm-hang-3",
        "sandbox kick lanxi-rz-01",
    ),
    section(
        "For programs", "供程序使用",
        '`--json` prints one object, of lists always `{"data": [...], "next_cursor": null}`; `--fields` narrows it. '
        "Times carry their offset, texts are there in both languages. An error is an object on standard error: "
        '`{"error": {"code", "detail", "hint", "errors"}}`.',
        '`--json` 输出一个对象，列表总是 `{"data": [...], "next_cursor": null}`；`--fields` 只取其中几项。'
        "时间带时区偏移，文字含中英两种。出错时在标准错误输出一个对象："
        '`{"error": {"code", "detail", "hint", "errors"}}`。',
        "case list --fields number,state --limit 2",
    ),
    section(
        "When something is wrong", "出错时",
        "Two lines on standard error, the cause and its cure, and an exit code. `--debug` adds where it happened.",
        "标准错误输出两行：原因和处理办法，并有相应的退出码。加 `--debug` 显示出错位置。",
        "case lst",
        "case why",
        "case list --limit 0",
        "case show RZ-0099",
        "case list --state lost",
        "case hold RZ-0001 --reason 等客户 --version 2",
        "schedule edit 6 --target 'sweep copyright.submited' --reason 改名",
        "schedule add monthly --target 'job audit; job audlt' --every 1h --reason 每月自检",
        "schedule delete submitted --reason 不再使用",
    ),
)  # fmt: skip

HEAD: Mapping[Language, str] = {
    "en": """# Commands

中文：[commands.zh-CN.md](commands.zh-CN.md)

Everything below is what the commands print at 80 columns on the record of the tests, whose office lives in the year \
2090. The page is made from the transcripts that the tests hold the commands to: \
`python -m tests.console.commands_page`.
""",
    "zh-CN": """# 命令

English: [commands.md](commands.md)

以下内容均为命令在 80 列终端上的真实输出，所用记录来自测试，时间设在 2090 年。本页由测试所依据的终端记录生成：\
`python -m tests.console.commands_page`。
""",
}
FOOT: Mapping[Language, str] = {
    "en": """## Exit codes

| code | means |
|---|---|
| 0 | done |
| 1 | an error; also: ended elsewhere (`case watch`), broken off (`schedule run --follow`), ill (`doctor`) |
| 2 | a wrong command line, input or setting |
| 3 | not found; no record; no sandbox |
| 5 | a conflict: it changed meanwhile, or somebody is at work on it |
| 6 | refused: not allowed as things stand |
| 7 | not in time (`--timeout`) |
| 130 | interrupted (Ctrl-C); what was asked for goes on where it runs elsewhere |

A reader that closes the pipe ends a command with 0.

## Environment

| variable | for |
|---|---|
| `CASEWARD_DATA_DIR` | the folder of everything that is kept; `./caseward-data` unless told |
| `CASEWARD_LANG` | `zh-CN` or `en`; `--lang` counts before it, else `LC_ALL`, `LC_MESSAGES`, `LANG` |
| `CASEWARD_...` | every other setting: `caseward settings list`; a data folder may keep its own in `settings.env` |
| `NO_COLOR`, `TERM=dumb` | no colours; a pipe or a file gets none either |
| `COLUMNS` | how wide tables may be; a pipe or a file gets whole lines unless this is set |
""",
    "zh-CN": """## 退出码

| 退出码 | 含义 |
|---|---|
| 0 | 成功 |
| 1 | 出错；以及：在别处结束（`case watch`）、中断（`schedule run --follow`）、有故障（`doctor`） |
| 2 | 命令、输入或设置有误 |
| 3 | 不存在；没有记录；没有沙箱 |
| 5 | 冲突：其间已有变化，或正在处理 |
| 6 | 不允许：现状下不可执行 |
| 7 | 超时（`--timeout`） |
| 130 | 被中断（Ctrl-C）；已在别处执行的仍会继续 |

管道的读取方提前关闭时，命令以 0 结束。

## 环境变量

| 变量 | 用途 |
|---|---|
| `CASEWARD_DATA_DIR` | 全部数据所在文件夹，默认 `./caseward-data` |
| `CASEWARD_LANG` | `zh-CN` 或 `en`；`--lang` 优先，未设时依次取 `LC_ALL`、`LC_MESSAGES`、`LANG` |
| `CASEWARD_...` | 其余设置见 `caseward settings list`；数据文件夹可在 `settings.env` 中保存自己的设置 |
| `NO_COLOR`、`TERM=dumb` | 不用颜色；管道和文件也不带颜色 |
| `COLUMNS` | 表格的宽度；未设时，管道和文件得到完整的行 |
""",
}
