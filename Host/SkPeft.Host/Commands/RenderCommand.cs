using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using SkPeft.Engine.Prompting;
using SkPeft.Host.Inputs;
using SkPeft.Host.Output;

namespace SkPeft.Host.Commands;

/// <summary><c>skpeft render</c>: what a chat template makes of a conversation. Prints the text and nothing else, not even a line break at its end.</summary>
internal static class RenderCommand
{
    public static Command Create(ToolConsole console)
    {
        Argument<string> source = new("MODEL_OR_TEMPLATE") { Description = "A file of Jinja, or a GGUF file, model folder or tokenizer.json that brings a template." };
        Option<string> messages = new("--messages") { HelpName = "FILE.json", Required = true, Description = "[ { \"role\", \"content\" }, … ]" };
        Option<string?> tools = new("--tools") { HelpName = "FILE.json", Description = "[ { \"type\": \"function\", \"function\": { … } }, … ]" };
        Option<bool> noPrompt = new("--no-generation-prompt") { Description = "End behind the last message." };
        Option<string?> bos = new("--bos") { HelpName = "S", Description = "The text of the token that opens a sequence. Default: the model's own." };
        Option<string?> eos = new("--eos") { HelpName = "S", Description = "The text of the token that ends one. Default: the model's own." };
        Option<DateTimeOffset?> now = new("--now") { HelpName = "2026-11-22T10:00:00", Description = "The time that strftime_now tells. Default: now.", CustomParser = Now };
        Command command = new("render", "Render a conversation with a chat template.") { source, messages, tools, noPrompt, bos, eos, now };
        command.SetAction((result, _) =>
        {
            ChatTemplateInput input = new()
            {
                Messages = ConversationFile.Messages(result.GetValue(messages)!),
                Tools = result.GetValue(tools) is { } file ? ConversationFile.Tools(file) : null,
                AddGenerationPrompt = !result.GetValue(noPrompt),
                Now = result.GetValue(now),
            };
            TemplateFile template = TemplateFile.Open(result.GetValue(source)!);
            input = input with { BosToken = result.GetValue(bos) ?? template.Bos, EosToken = result.GetValue(eos) ?? template.Eos };
            console.Out.Write(template.Template.Render(input, console.Time).Text);
            return Task.FromResult(0);
        });
        return command;
    }

    private static DateTimeOffset? Now(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time))
        {
            return time;
        }

        result.AddError($"--now: '{text}' is not accepted, expected a time such as 2026-11-22T10:00:00.");
        return null;
    }
}
