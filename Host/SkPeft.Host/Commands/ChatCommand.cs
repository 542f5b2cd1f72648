using System.CommandLine;
using SkPeft.Host.Chat;
using SkPeft.Host.Models;
using SkPeft.Host.Output;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Host.Commands;

/// <summary><c>skpeft chat</c>: questions and answers at the keyboard.</summary>
internal static class ChatCommand
{
    public static Command Create(ToolConsole console)
    {
        Argument<string> model = Options.Model();
        Option<string?> store = Options.Store();
        Option<string?> skills = new("--skills")
        {
            HelpName = "FILE",
            Description = "Skills as in appsettings: { \"SkPeft\": { \"Skills\": [ { \"Name\", \"Adapter\", \"Prompt\", \"Labels\" }, … ] } }.",
        };
        Option<int> maxTokens = Options.Whole("--max-tokens", "Most tokens of an answer.", 256, 1);
        Option<Precision> precision = Options.PrecisionOf(Precision.Fast);
        Option<int?> threads = Options.Threads();
        Command command = new("chat", "Talk to the model: /skill, /adapter, /why, /plugins, /stats.") { model, store, skills, maxTokens, precision, threads };
        command.SetAction(async (result, cancellation) =>
        {
            ChatSettings settings = new(result.GetValue(model)!, StoreFolder.Open(result.GetValue(store)).Folder, result.GetValue(skills),
                result.GetValue(maxTokens), result.GetValue(precision), result.GetValue(threads));
            using ChatSession session = ChatSession.Open(settings, console);
            return await session.RunAsync(cancellation);
        });
        return command;
    }
}
