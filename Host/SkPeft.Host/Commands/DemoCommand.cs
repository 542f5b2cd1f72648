using System.CommandLine;
using SkPeft.Host.Demo;
using SkPeft.Host.Output;

namespace SkPeft.Host.Commands;

/// <summary><c>skpeft demo</c>: the main job in one command.</summary>
internal static class DemoCommand
{
    public static Command Create(ToolConsole console)
    {
        Option<string?> model = new("--model") { HelpName = "MODEL", Description = "A GGUF file or a model folder. Without it, a seeded random LLaMA is made." };
        Command command = new("demo", "Several skills, each with another method; an adapter is promoted and a plugin replaced in between.") { model };
        command.SetAction(async (result, cancellation) =>
        {
            using DemoRun run = new(console);
            return await run.RunAsync(result.GetValue(model), cancellation);
        });
        return command;
    }
}
