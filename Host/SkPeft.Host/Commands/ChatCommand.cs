using System.CommandLine;
using SkPeft.Host.Chat;
using SkPeft.Host.Output;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Host.Commands;

/// <summary><c>skpeft chat</c>: questions and answers at the keyboard.</summary>
internal static class ChatCommand
{
    public static Command Create(ToolConsole console)
    {
        Argument<string?> model = new("MODEL")
        {
            Arity = ArgumentArity.ZeroOrOne, Description = "A GGUF file, or a folder in Hugging Face's layout. Without it, the model that comes with the tool, with its own skills.",
        };
        Option<string?> store = Options.Store();
        Option<string?> skills = new("--skills")
        {
            HelpName = "FILE",
            Description = "Skills as in appsettings: { \"SkPeft\": { \"Skills\": [ { \"Name\", \"Adapter\", \"Prompt\", \"Labels\" }, … ] } }.",
        };
        Option<int> maxTokens = Options.Whole("--max-tokens", "Most tokens of an answer, where its skill does not say.", 256, 1);
        Option<Precision> precision = Options.PrecisionOf(Precision.Fast);
        Option<int?> threads = Options.Threads();
        Command command = new("chat", "Talk to the model: /skill, /adapter, /why, /plugins, /stats.") { model, store, skills, maxTokens, precision, threads };
        command.SetAction(async (result, cancellation) =>
        {
            using ChatModel chosen = ChatModel.Of(result.GetValue(model), result.GetValue(store), result.GetValue(skills));
            ChatSettings settings = new(chosen, result.GetValue(maxTokens), result.GetValue(precision), result.GetValue(threads));
            using ChatSession session = ChatSession.Open(settings, console);
            return await session.RunAsync(cancellation);
        });
        return command;
    }
}
