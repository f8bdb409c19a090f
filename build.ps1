# Builds, tests and shows Tdv.MLNet on Windows; build.sh is its twin for Linux and macOS.
param(
  [Parameter(Position = 0)] [string] $Command,
  [Parameter(Position = 1, ValueFromRemainingArguments)] [string[]] $Arguments = @()
)

$ErrorActionPreference = 'Stop'
$env:DOTNET_NOLOGO = '1'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_CLI_UI_LANGUAGE = 'en'
$code = 0

function Require-Sdk {
  if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) {
    Write-Host "The .NET SDK 10 is needed, but there is no 'dotnet'. Install it from https://dotnet.microsoft.com/download."
    exit 1
  }

  dotnet --version *> $null
  if ($LASTEXITCODE -ne 0) {
    Write-Host 'The .NET SDK 10 is needed (see global.json), but only these are installed:'
    dotnet --list-sdks
    Write-Host 'Install it from https://dotnet.microsoft.com/download.'
    exit 1
  }
}

function Build([string] $project) {
  Write-Host 'Building (the first time downloads libtorch and OpenCV, about 300 MB)'
  dotnet build $project -c Release -nologo -v quiet | Out-Host
  return $LASTEXITCODE
}

function Run([string] $project, [string[]] $rest) {
  $built = Build $project
  if ($built -ne 0) { return $built }
  dotnet run -c Release --no-build --project $project -- @rest | Out-Host
  return $LASTEXITCODE
}

function Count([string[]] $log, [string] $what) {
  $found = $log | Select-String -Pattern "^\s*${what}: (\d+)\s*$" | Select-Object -Last 1
  if ($found) { return [int] $found.Matches[0].Groups[1].Value }
  return 0
}

# The last line is always 'N passed, N failed, N skipped'; a failed check or build counts as one failure.
function Test([string[]] $rest) {
  $failures = 0
  dotnet tool restore | Out-Null
  dotnet csharpier check . | Out-Host
  if ($LASTEXITCODE -ne 0) {
    Write-Host 'The formatting differs: ./build.ps1 format'
    $failures = 1
  }

  if ((Build 'Tdv.MLNet.sln') -ne 0) {
    Write-Host "0 passed, $($failures + 1) failed, 0 skipped"
    return 1
  }

  # Exit code 8 says that a project has no tests.
  dotnet test --solution Tdv.MLNet.sln -c Release --no-build --no-progress --no-ansi --ignore-exit-code 8 @rest |
    Tee-Object -Variable log | Out-Host
  $exit = $LASTEXITCODE
  $passed = Count $log 'succeeded'
  $failed = Count $log 'failed'
  $skipped = Count $log 'skipped'
  # A test process that died has no failed test to show.
  if ($exit -ne 0 -and $failed -eq 0) { $failed = 1 }
  $failed += $failures
  Write-Host "$passed passed, $failed failed, $skipped skipped"
  if ($failed -eq 0 -and $passed -ne 0) { return 0 }
  return 1
}

Push-Location $PSScriptRoot
try {
  switch ($Command) {
    'demo' { Require-Sdk; $code = Run 'src/Tdv.Tool' (@('demo') + $Arguments) }
    'study' { Require-Sdk; $code = Run 'src/Tdv.Studies' $Arguments }
    'bench' { Require-Sdk; $code = Run 'test/Tdv.MLNet.Benchmarks' $Arguments }
    'test' { Require-Sdk; $code = Test $Arguments }
    'pack' {
      Require-Sdk
      dotnet pack src/Tdv.MLNet -c Release -o artifacts/packages -nologo -v quiet
      $code = $LASTEXITCODE
      if ($code -eq 0) {
        dotnet msbuild nuget/Metapackages.csproj -restore -t:PackAll "-p:PackageOutputPath=$PWD/artifacts/packages" -nologo -v:quiet
        $code = $LASTEXITCODE
      }
    }
    'format' {
      Require-Sdk
      dotnet tool restore | Out-Null
      dotnet csharpier format .
      $code = $LASTEXITCODE
    }
    'api' {
      Require-Sdk
      $file = 'src/Tdv.MLNet/PublicAPI.Unshipped.txt'
      Set-Content $file '#nullable enable'
      $symbols = dotnet build src/Tdv.MLNet -c Release -nologo --no-incremental -p:TreatWarningsAsErrors=false |
        Select-String "RS0016: Symbol '(.*)' is not part of the declared public API" |
        ForEach-Object { $_.Matches[0].Groups[1].Value } | Sort-Object -Unique -CaseSensitive
      Add-Content $file $symbols
      $code = 0
    }
    default {
      Write-Host 'usage: ./build.ps1 COMMAND [ARGUMENTS]'
      Write-Host ''
      Write-Host '  demo [--out DIR ...]   learn from generated video, paint masks, compare (about 5 minutes)'
      Write-Host '  test                   check the formatting, build, run every test'
      Write-Host '  bench [ARGUMENTS]      run the benchmarks'
      Write-Host '  (torture is for Linux: ./build.sh torture)'
      Write-Host '  pack                   write the NuGet packages to artifacts/packages'
      Write-Host '  format                 format the source code'
      Write-Host '  api                    write the public API to PublicAPI.Unshipped.txt, for review'
      $code = 2
    }
  }
}
finally {
  Pop-Location
}

exit $code
