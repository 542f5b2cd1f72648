namespace TestPlugin;

public static class Words
{
    public static string First() => "words of version 1";
}
