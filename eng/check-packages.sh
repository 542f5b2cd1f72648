#!/usr/bin/env bash
# Packs everything, looks into the packages, installs the tool from them and runs it, and builds a program of its own on them.
# SKPEFT_PACKED=1 takes the packages that are there.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ "${SKPEFT_PACKED:-}" != 1 ]; then
    rm -rf artifacts/packages
    dotnet pack SkPeft.sln -c Release -v quiet --nologo
fi
packages=$PWD/artifacts/packages
version=$(grep -o '<Version>[^<]*' Directory.Build.props | cut -d'>' -f2)

fail() { echo "check-packages: $*" >&2; exit 1; }
for package in "$packages"/*.nupkg; do
    name=$(basename "$package")
    python3 -m zipfile -l "$package" | awk 'NR > 1 { print $1 }' > "$work/files"
    for file in README.md icon.png; do
        grep -qx "$file" "$work/files" || fail "$name has no $file"
    done
    case $name in
        SkPeft.Peft.*)
            id=${name%."$version".nupkg}
            for file in "plugins/$id/$id.dll" "plugins/$id/$id.deps.json" "buildTransitive/$id.targets"; do
                grep -qx "$file" "$work/files" || fail "$name has no $file"
            done
            grep -q "SkPeft.Abstractions.dll" "$work/files" && fail "$name brings the contract along: its types would not be the host's" ;;
        SkPeft.[0-9]*)
            for file in skpeft.dll plugins/SkPeft.Peft.Lora/SkPeft.Peft.Lora.dll models/skpeft-tiny/skpeft-tiny.gguf DotnetToolSettings.xml; do
                grep -q "/$file\$" "$work/files" || fail "$name has no $file"
            done ;;
        *)
            grep -q "^lib/net10.0/.*\.xml$" "$work/files" || fail "$name has no documentation"
            [ -f "${package%.nupkg}.snupkg" ] || fail "$name has no symbols" ;;
    esac
done

# A cache of its own: a package of this version may have been taken before.
export NUGET_PACKAGES=$work/cache
cat > "$work/nuget.config" <<EOF
<configuration><packageSources><add key="here" value="$packages" /></packageSources></configuration>
EOF
dotnet tool install SkPeft --tool-path "$work/tool" --configfile "$work/nuget.config" --version "$version" > "$work/install.log" 2>&1 || { cat "$work/install.log"; fail "the tool cannot be installed"; }
(cd "$work" && ./tool/skpeft --version && ./tool/skpeft plugins list > plugins.txt && grep -q LORA plugins.txt) || fail "the tool does not run"

unset NUGET_PACKAGES
mkdir "$work/app"
cat > "$work/app/app.csproj" <<EOF
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable><RestorePackagesPath>$work/app-cache</RestorePackagesPath><RestoreAdditionalProjectSources>$packages</RestoreAdditionalProjectSources></PropertyGroup>
  <ItemGroup>
    <PackageReference Include="SkPeft.Connectors" Version="$version" />
    <PackageReference Include="SkPeft.Peft.Lora" Version="$version" />
    <PackageReference Include="SkPeft.Peft.Iapt" Version="$version" />
    <PackageReference Include="SkPeft.Peft.PromptTuning" Version="$version" />
    <PackageReference Include="Microsoft.Extensions.Hosting" Version="$(grep -o 'Microsoft.Extensions.Hosting" Version="[^"]*' Directory.Packages.props | cut -d'"' -f3)" />
  </ItemGroup>
</Project>
EOF
awk '/^```csharp getting-started$/ { on = 1; next } /^```$/ { on = 0 } on' docs/getting-started.md > "$work/app/Program.cs"
cp models/skpeft-tiny/skpeft-tiny.gguf "$work/app/model.gguf"
"$work/tool/skpeft" adapters add sentiment models/skpeft-tiny/skills/sentiment --store "$work/app/store" > /dev/null
"$work/tool/skpeft" adapters promote sentiment@1 prod --store "$work/app/store" > /dev/null
(cd "$work/app" && dotnet run -v quiet > answer.txt && cat answer.txt && grep -q "positive, by sentiment@1" answer.txt) || fail "docs/getting-started.md's program does not run on the packages"
echo "check-packages: $(ls "$packages"/*.nupkg | wc -l) packages are as they should be"
