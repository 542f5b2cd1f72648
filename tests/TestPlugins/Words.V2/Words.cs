namespace TestPlugin;

public static class Words
{
    public static string Second() => "words of version 2";
}
