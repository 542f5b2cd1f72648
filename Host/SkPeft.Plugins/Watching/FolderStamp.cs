using System.Globalization;

namespace SkPeft.Plugins;

/// <summary>What can be seen of a folder's assemblies without reading them: a change of it is a reason to read.</summary>
internal static class FolderStamp
{
    public static string Of(string folder)
    {
        try
        {
            return string.Join('\n', PluginFiles.AssembliesIn(folder).Select(Of));
        }
        catch (DirectoryNotFoundException)
        {
            return "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    private static string Of(FileInfo file)
    {
        // Of a link, what it leads to: deployments that switch a link to another version change nothing in the folder itself.
        FileInfo target = file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{file.Name} {(target.Exists ? target.Length : -1)} {target.LastWriteTimeUtc.Ticks} {target.CreationTimeUtc.Ticks} {target.FullName}");
    }
}
