using SkPeft.Connectors;
using SkPeft.Connectors.Hosting;
using SkPeft.Connectors.Routing;
using SkPeft.Connectors.Skills;
using SkPeft.Host.Output;

namespace SkPeft.Host.Chat;

/// <summary>The lines that begin with a slash.</summary>
internal sealed class ChatCommands(PeftRuntime runtime, PeftChatClient client, ChatState state, ChatStatistics statistics, ToolConsole console)
{
    private const string Help =
        """
        /skill [NAME]     talk to a skill; without a name: list them, '-' for none
        /adapter [REF]    talk to an adapter (name, name@3, name@alias, or base); without one: list them
        /why              who would answer now, and by which rule
        /plugins          the methods that are loaded
        /stats            answers, memory, adapters in memory
        /forget           begin a new conversation
        /exit             leave
        """;

    public void Greet()
    {
        console.Out.WriteLine($"{runtime.Model.Path}: {runtime.Skills.Skills.Count} skills, store {runtime.Store.Folder}. /help lists the commands.");
        if (runtime.Skills.Skills.Count > 0)
        {
            console.Out.WriteLine($"/skill {string.Join(", /skill ", runtime.Skills.Skills.Select(s => s.Name))}");
        }

        console.Flush();
    }

    public void Run(string line)
    {
        string[] words = line.Split(' ', 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string? argument = words.Length > 1 ? words[1] : null;
        switch (words[0])
        {
            case "/skill":
                Skill(argument);
                break;
            case "/adapter":
                Adapter(argument);
                break;
            case "/why":
                console.Out.WriteLine(client.Explain(state.Options()).ToString());
                break;
            case "/plugins":
                PluginTable.Write(console.People, runtime.Plugins.List());
                break;
            case "/stats":
                Lines(statistics.Lines(runtime.Residency.Statistics));
                break;
            case "/forget":
                state.Forget();
                break;
            case "/help":
                console.Out.WriteLine(Help);
                break;
            default:
                throw new InvalidOptionException("command", words[0], "/skill, /adapter, /why, /plugins, /stats, /forget, /help or /exit");
        }
    }

    private void Skill(string? name)
    {
        if (name is null)
        {
            Lines(runtime.Skills.Skills.Count == 0
                ? ["There are no skills: start with --skills FILE."]
                : runtime.Skills.Skills.Select(s => $"{s.Name}: {s.Adapter}{(s.Default ? ", default" : "")}"));
            return;
        }

        if (name == "-")
        {
            state.UseSkill(null);
            return;
        }

        SkillDefinition skill = runtime.Skills.Find(name)
            ?? throw new InvalidOptionException("/skill", $"'{name}'", runtime.Skills.Skills.Count == 0 ? "a skill; there are none (start with --skills FILE)" : string.Join(", ", runtime.Skills.Skills.Select(s => s.Name)));
        state.UseSkill(skill.Name);
    }

    private void Adapter(string? reference)
    {
        if (reference is null)
        {
            Lines(runtime.Store.List() is { Count: > 0 } all
                ? all.Select(l => $"{l.Version.Reference} {l.Version.PeftType} {string.Join(", ", l.Aliases)}")
                : [$"The store {runtime.Store.Folder} is empty: 'skpeft adapters add NAME FOLDER' fills it."]);
            return;
        }

        if (reference != SkillRouter.Base)
        {
            // A mistyped name is said now, not with the next question.
            _ = runtime.Store.Resolve(reference);
        }

        state.UseAdapter(reference);
    }

    private void Lines(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            console.Out.WriteLine(line);
        }
    }
}
