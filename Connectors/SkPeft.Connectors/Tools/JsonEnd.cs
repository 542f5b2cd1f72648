namespace SkPeft.Connectors.Tools;

/// <summary>Finds where a JSON object or array ends in a text that still grows.</summary>
internal static class JsonEnd
{
    /// <param name="text">The text.</param>
    /// <param name="start">Where the value begins, with a brace or bracket.</param>
    /// <returns>The index behind it, or -1 where it has not ended yet.</returns>
    public static int Find(string text, int start)
    {
        int depth = 0;
        bool isString = false;
        for (int i = start; i < text.Length; i++)
        {
            char c = text[i];
            if (isString)
            {
                i += c == '\\' ? 1 : 0;
                isString = c != '"';
                continue;
            }

            isString = c == '"';
            depth += c is '{' or '[' ? 1 : c is '}' or ']' ? -1 : 0;
            if (depth == 0)
            {
                return i + 1;
            }
        }

        return -1;
    }
}
