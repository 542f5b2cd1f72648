using System.Security;

namespace SkPeft.Tensors.Formats;

/// <summary>Turns the operating system's errors into ours.</summary>
internal static class FileErrors
{
    public static bool IsFileError(Exception e) =>
        e is IOException or UnauthorizedAccessException or SecurityException or NotSupportedException
            || e.GetType() == typeof(ArgumentException);

    public static FileAccessException CannotRead(string path, Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException when Directory.Exists(path) =>
            new(path, "this is a folder, a file was expected", "Name the file itself.", e),
        FileNotFoundException or DirectoryNotFoundException => new(path, "there is no such file", "Check the path.", e),
        UnauthorizedAccessException when Directory.Exists(path) => new(path, "this is a folder, a file was expected",
            "Name the file itself.", e),
        UnauthorizedAccessException => new(path, "the file may not be read", "Check its permissions.", e),
        _ => new(path, $"the file cannot be read ({e.Message})", "Check the path and the disk.", e),
    };

    public static FileAccessException CannotWrite(string path, Exception e) => e switch
    {
        DirectoryNotFoundException => new(path, "its folder does not exist", "Create the folder first.", e),
        UnauthorizedAccessException => new(path, "the file may not be written", "Check the permissions of the file and its folder.", e),
        _ => new(path, $"the file cannot be written ({e.Message})", "Check the path and the free space of the disk.", e),
    };
}
