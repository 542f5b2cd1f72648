using System.Text.Json;

namespace SkPeft.Host.Inputs;

/// <summary>The input of <c>logits</c>: token ids of several prompts, and how many of each are the instruction.</summary>
/// <param name="Prompts">Token ids.</param>
/// <param name="InstructionTokens">One a prompt; null: all of it.</param>
internal sealed record PromptList(IReadOnlyList<int[]> Prompts, IReadOnlyList<int>? InstructionTokens)
{
    /// <summary>Reads <c>{ "prompts": [[1, 2], …], "prompt_len": [2, …] }</c>; <c>prompt_len</c> may be absent.</summary>
    /// <exception cref="FileFormatException">It is something else.</exception>
    public static PromptList Read(string path)
    {
        JsonElement root = JsonInput.Read(path);
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("prompts", out JsonElement prompts) || prompts.ValueKind != JsonValueKind.Array)
        {
            throw new FileFormatException(path, "prompts", "nothing", "an object with \"prompts\": a list of lists of token ids");
        }

        int[][] lists = [.. prompts.EnumerateArray().Select((list, i) => Ids(path, $"prompts[{i}]", list))];
        if (lists.Length == 0)
        {
            throw new FileFormatException(path, "prompts", "an empty list", "at least one prompt");
        }

        if (!root.TryGetProperty("prompt_len", out JsonElement lengths) || lengths.ValueKind == JsonValueKind.Null)
        {
            return new PromptList(lists, null);
        }

        int[] counts = Ids(path, "prompt_len", lengths);
        if (counts.Length != lists.Length)
        {
            throw new FileFormatException(path, "prompt_len", $"{counts.Length} numbers", $"{lists.Length}, one a prompt");
        }

        for (int i = 0; i < counts.Length; i++)
        {
            if (counts[i] < 1 || counts[i] > lists[i].Length)
            {
                throw new FileFormatException(path, $"prompt_len[{i}]", $"{counts[i]}", $"1 to {lists[i].Length}, the length of the prompt");
            }
        }

        return new PromptList(lists, counts);
    }

    private static int[] Ids(string path, string field, JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            throw new FileFormatException(path, field, JsonInput.Describe(list), "a list of whole numbers");
        }

        int[] ids = [.. list.EnumerateArray().Select((value, i) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int id)
            ? id
            : throw new FileFormatException(path, $"{field}[{i}]", JsonInput.Describe(value), "a whole number"))];
        return ids.Length > 0 ? ids : throw new FileFormatException(path, field, "an empty list", "at least one number");
    }
}
