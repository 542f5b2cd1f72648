using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;

namespace SkPeft.Plugins;

/// <summary>What an assembly says of itself, read from its bytes without loading it: nothing of it runs, no type of it is touched.</summary>
/// <param name="Name">The assembly's simple name.</param>
/// <param name="Version">The assembly's version.</param>
/// <param name="Contract">The argument of <see cref="PeftPluginAttribute"/>; null where the assembly does not carry it.</param>
/// <param name="References">The assemblies that it was compiled against.</param>
internal sealed record AssemblyHeader(string Name, Version Version, string? Contract, IReadOnlyList<AssemblyName> References)
{
    /// <summary>Reads the header; null for a native library, which is not an assembly but may lie beside one.</summary>
    /// <exception cref="PluginRefusal">The file is not an assembly, or not all of it is there.</exception>
    public static AssemblyHeader? Read(string fileName, byte[] bytes)
    {
        try
        {
            using PEReader pe = new(ImmutableCollectionsMarshal.AsImmutableArray(bytes));
            RequireComplete(fileName, bytes.Length, pe.PEHeaders);
            return pe.HasMetadata ? Read(fileName, pe.GetMetadataReader()) : null;
        }
        catch (Exception e) when (e is not (PluginRefusal or OutOfMemoryException))
        {
            // The metadata reader answers malformed bytes with half a dozen kinds of exception; all of them mean the same here.
            throw new PluginRefusal($"{fileName} ({bytes.Length} bytes) is not a .NET assembly, or is truncated: {e.Message}");
        }
    }

    private static void RequireComplete(string fileName, int length, PEHeaders headers)
    {
        foreach (SectionHeader section in headers.SectionHeaders)
        {
            long end = (long)(uint)section.PointerToRawData + (uint)section.SizeOfRawData;
            if (end > length)
            {
                throw new PluginRefusal(
                    $"{fileName} is truncated: its section {section.Name} ends at byte {end}, the file has {length}. It is looked at again when it changes.");
            }
        }
    }

    private static AssemblyHeader Read(string fileName, MetadataReader metadata)
    {
        if (!metadata.IsAssembly)
        {
            throw new PluginRefusal($"{fileName} is a module without an assembly manifest.");
        }

        AssemblyDefinition assembly = metadata.GetAssemblyDefinition();
        List<AssemblyName> references = [];
        foreach (AssemblyReferenceHandle handle in metadata.AssemblyReferences)
        {
            AssemblyReference reference = metadata.GetAssemblyReference(handle);
            references.Add(new AssemblyName { Name = metadata.GetString(reference.Name), Version = reference.Version });
        }

        return new AssemblyHeader(metadata.GetString(assembly.Name), assembly.Version, ContractOf(metadata, assembly), references);
    }

    private static string? ContractOf(MetadataReader metadata, AssemblyDefinition assembly)
    {
        foreach (CustomAttributeHandle handle in assembly.GetCustomAttributes())
        {
            CustomAttribute attribute = metadata.GetCustomAttribute(handle);
            if (!IsPluginAttribute(metadata, attribute))
            {
                continue;
            }

            // ECMA-335 II.23.3: a prolog of 1, then the fixed arguments; ours has one string.
            BlobReader blob = metadata.GetBlobReader(attribute.Value);
            return blob.ReadUInt16() == 1 ? blob.ReadSerializedString() ?? "" : throw new BadImageFormatException("a custom attribute has no prolog");
        }

        return null;
    }

    private static bool IsPluginAttribute(MetadataReader metadata, CustomAttribute attribute)
    {
        if (attribute.Constructor.Kind != HandleKind.MemberReference)
        {
            return false;
        }

        EntityHandle parent = metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent;
        if (parent.Kind != HandleKind.TypeReference)
        {
            return false;
        }

        TypeReference type = metadata.GetTypeReference((TypeReferenceHandle)parent);
        return metadata.StringComparer.Equals(type.Namespace, typeof(PeftPluginAttribute).Namespace!)
            && metadata.StringComparer.Equals(type.Name, nameof(PeftPluginAttribute))
            && type.ResolutionScope.Kind == HandleKind.AssemblyReference
            && metadata.StringComparer.Equals(
                metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name, SharedAssemblies.Contract);
    }
}
