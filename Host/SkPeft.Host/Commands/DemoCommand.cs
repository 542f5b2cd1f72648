using System.CommandLine;
using SkPeft.Connectors.Bundles;
using SkPeft.Host.Demo;
using SkPeft.Host.Output;

namespace SkPeft.Host.Commands;

/// <summary><c>skpeft demo</c>: the main job in one command.</summary>
internal static class DemoCommand
{
    public static Command Create(ToolConsole console)
    {
        Option<string?> model = new("--model")
        {
            HelpName = "MODEL", Description = "A GGUF file or a model folder, with random adapters. Without it, the model that comes with the tool, with its own skills.",
        };
        Command command = new("demo", "Several skills, each with another method; an adapter is promoted and a plugin replaced in between.") { model };
        command.SetAction(async (result, cancellation) =>
        {
            await (result.GetValue(model) is { } own
                ? RandomDemo.RunAsync(console, own, cancellation)
                : BundleDemo.RunAsync(console, ModelBundle.OpenShipped(), cancellation));
            return 0;
        });
        return command;
    }
}
